#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/mail/mail.h"

namespace baton {

// A message to a human in sales or marketing, complete and already in the recipient's language.
// Texts begin with the customer's name and company and the waiting time, never with internal ids.
struct MessageLink {
  std::string label;  // "Annehmen"
  std::string url;
  bool primary = false;
  std::string action = {};  // "accept", "acknowledge", ...: the same for machines
};

struct Message {
  std::string key;        // visible and the same over repeats: blind channels cannot take it back
  std::string kind;       // offer, warning, breach, ...: docs/reference/alerts.md
  std::string recipient;  // rep id
  std::string recipient_name, recipient_email;
  std::string language;                                    // its tag: "de", "en"
  std::string who;                                         // "Erika Beispiel (Beispiel GmbH)"
  std::string headline;                                    // who, ": ", "wartet 6 Min."
  std::string owner_name;                                  // where that is not the recipient
  std::vector<std::pair<std::string, std::string>> facts;  // label, value
  std::string quote;                                       // what the customer asked
  std::vector<MessageLink> links;
  std::string sent_by = {};  // the last line of a mail
  Duration late_by;          // how much later than it was due it goes out; its text says so
  boost::json::object data;  // the same for machines (signed webhook)
};

// What goes out for one message, and what came back: of the kind that the channel is reached by.
using NotifyRequest = std::variant<HttpRequest, MailRequest>;
using NotifyResult = std::variant<HttpResult, MailResult>;

// One channel, after its settings are known. Pure and thread-safe, like Crm.
class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual const std::string& name() const = 0;
  virtual Mode mode() const = 0;
  virtual Repeat repeat() const = 0;
  virtual const HttpOptions& http() const = 0;
  // The mail server; nullptr for a channel that is reached by HTTP.
  virtual const MailOptions* mail() const { return nullptr; }
  // Why this message can never go out by this channel; "" where it can.
  virtual std::string refuses(const Message&) const { return {}; }
  // `now` goes into dates and into time stamps that are signed.
  virtual NotifyRequest render(const Message& message, Instant now) const = 0;
  virtual Outcome interpret(const NotifyResult& result) const = 0;
};

// Builds the channels of alerts.yaml (channels: a list of name, adapter, mode, settings).
std::vector<std::unique_ptr<Notifier>> make_notifiers(const YamlDocument& alerts,
                                                      const std::string& user_adapters,
                                                      Findings& findings);

}  // namespace baton
