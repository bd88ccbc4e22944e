#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/mail/mail.h"

namespace baton {

// A complete message to a person in sales or marketing, in the recipient's language. Texts begin
// with the customer's name and company and the waiting time, never with internal ids.
struct MessageLink {
  std::string label;  // "Annehmen"
  std::string url;
  bool primary = false;
  std::string action = {};  // "accept", "acknowledge", ...: for machines
};

struct Message {
  std::string
      key;  // visible, and the same for repeats, because blind channels cannot retract a message
  std::string kind;       // offer, warning, breach, ...: docs/reference/alerts.md
  std::string recipient;  // rep id
  std::string recipient_name, recipient_email;
  std::string language;                                    // its tag: "de", "en"
  std::string who;                                         // "Erika Beispiel (Beispiel GmbH)"
  std::string headline;                                    // `who`, ": ", "wartet 6 Min."
  std::string owner_name;                                  // only if the recipient is not the owner
  std::vector<std::pair<std::string, std::string>> facts;  // label, value
  std::string quote;                                       // the customer's request
  std::vector<MessageLink> links;
  std::string sent_by = {};  // the last line of a mail
  Duration late_by;          // how late the message is sent; the text mentions it
  boost::json::object data;  // the same for machines (signed webhook)
};

// A message to send and the result, for the protocol of the channel.
using NotifyRequest = std::variant<HttpRequest, MailRequest>;
using NotifyResult = std::variant<HttpResult, MailResult>;

// One configured channel. Pure and thread-safe, like Crm.
class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual const std::string& name() const = 0;
  virtual Mode mode() const = 0;
  virtual Repeat repeat() const = 0;
  virtual const HttpOptions& http() const = 0;
  // Returns the mail server; null for an HTTP channel.
  virtual const MailOptions* mail() const { return nullptr; }
  // Returns why this channel can never send this message; "" if it can.
  virtual std::string refuses(const Message&) const { return {}; }
  // `now` appears in dates and signed time stamps.
  virtual NotifyRequest render(const Message& message, Instant now) const = 0;
  virtual Outcome interpret(const NotifyResult& result) const = 0;
};

// Builds the channels of alerts.yaml (channels: a list of name, adapter, mode, settings).
std::vector<std::unique_ptr<Notifier>> make_notifiers(const YamlDocument& alerts,
                                                      const std::string& user_adapters,
                                                      Findings& findings);

}  // namespace baton
