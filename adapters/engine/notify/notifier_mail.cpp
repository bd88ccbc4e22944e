#include "adapters/engine/notify/notifier_mail.h"

#include <charconv>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/mail/mail_outcome.h"
#include "adapters/engine/notify/channel_config.h"
#include "adapters/engine/notify/notify_mail.h"
#include "mapping/net/ip_address.h"
#include "mapping/normalise/host.h"

namespace baton {
namespace {

class MailNotifier final : public Notifier {
 public:
  MailNotifier(std::string name, Mode mode, MailOptions server, MailSender sender)
      : name_(std::move(name)),
        mode_(mode),
        server_(std::move(server)),
        sender_(std::move(sender)) {}
  const std::string& name() const override { return name_; }
  Mode mode() const override { return mode_; }
  Repeat repeat() const override { return Repeat::kBlind; }
  const HttpOptions& http() const override { return none_; }
  const MailOptions* mail() const override { return &server_; }
  std::string refuses(const Message& message) const override {
    if (sender_.to || parse_mailbox(message.recipient_email)) return {};
    return message.recipient_email.empty()
               ? "the recipient has no e-mail address (policy/routing.yaml)"
               : "the recipient's e-mail address is invalid (policy/routing.yaml)";
  }
  NotifyRequest render(const Message& message, Instant now) const override {
    return mail_request(message, sender_, now);
  }
  Outcome interpret(const NotifyResult& result) const override {
    return mail_outcome(std::get<MailResult>(result));
  }

 private:
  const std::string name_;
  const Mode mode_;
  const MailOptions server_;
  const MailSender sender_;
  const HttpOptions none_;
};

// Reads one channel. Every fault becomes a finding at the setting's place.
class MailReader {
 public:
  MailReader(const ChannelConfig& config, Findings& findings)
      : config_(config), spec_(config.spec.value.get_object()), findings_(findings) {}

  MailOptions server() {
    MailOptions out;
    static const json::object kNone;
    const auto* given = object(spec_, "server");
    const auto& server = given != nullptr ? *given : kNone;
    out.host = text(server, "host");
    if (!out.host.empty() && !parse_ip_or_host(out.host))
      report("host", "must be a host name or an IP address");
    read_port(text(server, "port", "587"), out);
    read_tls(text(server, "tls", "starttls"), out);
    out.user = text(server, "user");
    out.password = text(server, "password");
    if (out.user.empty() != out.password.empty())
      report("password", "set both user and password, or neither");
    if (out.tls == MailTls::kNone && !out.password.empty())
      report("tls", "without TLS the password would be sent unencrypted");
    if (config_.channel.contains("http")) {
      findings_.push_back(config_.alerts.finding(
          config_.place + "/http", "this channel uses `smtp`, not `http`", "config.bad_value"));
    }
    if (const auto* smtp = object(config_.channel, "smtp")) {
      const auto options = read_http_options(smtp);
      out.ca_file = options.ca_file;
      out.allow_private = options.allow_private;
      check_allow_private(config_.alerts, config_.place + "/smtp/allow_private", out.allow_private,
                          findings_);
    }
    return out;
  }

  MailSender sender() {
    MailSender out;
    static const json::object kNone;
    const auto* given = object(spec_, "mail");
    const auto& mail = given != nullptr ? *given : kNone;
    if (auto from = mailbox(mail, "from")) out.from = std::move(*from);
    out.reply_to = mailbox(mail, "reply_to");
    out.to = mailbox(mail, "to");
    return out;
  }

 private:
  static bool parse_ip_or_host(std::string_view host) {
    if (host == "localhost" || normalise_host(host)) return true;
    return parse_ip(host).has_value();
  }
  void read_port(std::string_view given, MailOptions& out) {
    int port = 0;
    const auto [end, failed] = std::from_chars(given.data(), given.data() + given.size(), port);
    if (failed != std::errc{} || end != given.data() + given.size() || port < 1 || port > 65535)
      return report("port", "must be a port number");
    out.port = static_cast<std::uint16_t>(port);
  }
  void read_tls(std::string_view given, MailOptions& out) {
    if (given == "starttls")
      out.tls = MailTls::kStartTls;
    else if (given == "implicit")
      out.tls = MailTls::kImplicit;
    else if (given == "none")
      out.tls = MailTls::kNone;
    else
      report("tls", "must be one of starttls, implicit, none");
  }
  std::optional<Mailbox> mailbox(const json::object& mail, std::string_view name) {
    const auto given = text(mail, name);
    if (given.empty()) return std::nullopt;
    auto parsed = parse_mailbox(given);
    if (!parsed)
      report(name,
             "must be an e-mail address; write \"Baton <baton@example.com>\" or baton@example.com");
    return parsed;
  }
  void report(std::string_view setting, std::string_view what) {
    const auto* settings = object(config_.channel, "settings");
    const bool there = settings != nullptr && settings->contains(setting);
    findings_.push_back(config_.alerts.finding(
        there ? fmt::format("{}/settings/{}", config_.place, setting) : config_.place + "/settings",
        fmt::format("{}: {}", setting, what), "config.bad_value"));
  }

  const ChannelConfig& config_;
  const json::object& spec_;
  Findings& findings_;
};

}  // namespace

std::unique_ptr<Notifier> make_mail_notifier(const ChannelConfig& config, Findings& findings) {
  Findings here;
  MailReader reader(config, here);
  auto server = reader.server();
  auto sender = reader.sender();
  std::unique_ptr<Notifier> notifier;
  if (!has_errors(here))
    notifier = std::make_unique<MailNotifier>(config.name, config.mode, std::move(server),
                                              std::move(sender));
  append(findings, std::move(here));
  return notifier;
}

}  // namespace baton
