#include "adapters/engine/mail/mail.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/engine/mail/mail_curl.h"
#include "adapters/engine/mail/mail_outcome.h"

namespace baton {
namespace {

// A scripted mail server on loopback. Its replies are by verb ("" is the greeting, "." the end of
// the text); kHang means no reply, kDie closes the connection.
class ScriptedSmtp {
 public:
  static constexpr const char* kHang = "hang";
  static constexpr const char* kDie = "die";

  explicit ScriptedSmtp(std::map<std::string, std::string> odd = {}) : odd_(std::move(odd)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 8);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedSmtp() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }
  std::uint16_t port() const { return port_; }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    while (!stop_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      talk(fd);
      close(fd);
    }
  }
  bool say(int fd, const std::string& verb, const std::string& usual) {
    const auto found = odd_.find(verb);
    const auto& reply = found == odd_.end() ? usual : found->second;
    if (reply == kHang) {
      while (!stop_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return false;
    }
    if (reply == kDie) return false;
    const auto line = reply + "\r\n";
    return ::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
  }
  std::string line(int fd) {
    std::string out;
    char c = 0;
    while (!stop_ && !out.ends_with("\r\n")) {
      pollfd waiting{fd, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      if (recv(fd, &c, 1, 0) != 1) return {};
      out += c;
    }
    const std::lock_guard lock(mutex_);
    heard_ += out;
    return out;
  }
  void talk(int fd) {
    bool text = false, login = false;
    if (!say(fd, "", "220 mail.example.com ESMTP")) return;
    for (auto given = line(fd); !given.empty(); given = line(fd)) {
      if (text && given != ".\r\n") continue;
      const bool credentials = login;
      const auto verb = text          ? std::string(".")
                        : credentials ? std::string("login")
                                      : given.substr(0, 4);
      login = verb == "AUTH";
      text = verb == "DATA" && !odd_.contains("DATA");
      const std::string usual = verb == "EHLO"
                                    ? "250-mail.example.com\r\n250-SIZE 1000000\r\n250 AUTH PLAIN"
                                : verb == "AUTH"  ? "334 "
                                : verb == "login" ? "235 2.7.0 ok"
                                : verb == "DATA"  ? "354 go on"
                                : verb == "QUIT"  ? "221 bye"
                                                  : "250 2.0.0 ok";
      if (!say(fd, verb, usual) || verb == "QUIT") return;
    }
  }

  const std::map<std::string, std::string> odd_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::string heard_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

MailOptions options(std::uint16_t port) {
  MailOptions o;
  o.host = "127.0.0.1";
  o.port = port;
  o.tls = MailTls::kNone;
  o.allow_private = {"127.0.0.0/8"};
  return o;
}

MailResult deliver(const MailOptions& server, Duration deadline = seconds(20)) {
  const auto client = make_mail_client(server);
  std::promise<MailResult> promise;
  MailRequest request{"baton@example.com", "erika@example.com",
                      "Subject: x\r\n\r\nfirst\r\n.hidden dot\r\n", deadline};
  client->send(std::move(request),
               [&](MailResult result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

Verdict verdict(std::map<std::string, std::string> odd, bool login = false,
                Duration deadline = seconds(20)) {
  ScriptedSmtp server(std::move(odd));
  auto o = options(server.port());
  if (login) {
    o.user = "baton";
    o.password = "top-secret";
  }
  const auto outcome = mail_outcome(deliver(o, deadline));
  EXPECT_EQ(outcome.reason.find("erika"), std::string::npos) << outcome.reason;
  EXPECT_EQ(outcome.reason.find("secret"), std::string::npos) << outcome.reason;
  return outcome.verdict;
}

TEST(MailClient, DeliversAndKeepsDotsAtTheBeginningOfALine) {
  ScriptedSmtp server;
  const auto result = deliver(options(server.port()));
  EXPECT_TRUE(result.accepted) << result.detail;
  const auto heard = server.heard();
  EXPECT_NE(heard.find("MAIL FROM:<baton@example.com>"), std::string::npos) << heard;
  EXPECT_NE(heard.find("RCPT TO:<erika@example.com>"), std::string::npos) << heard;
  EXPECT_NE(heard.find("\r\n..hidden dot\r\n"), std::string::npos) << heard;
}

TEST(MailClient, InterpretsReplies) {
  EXPECT_EQ(verdict({}), Verdict::kOk);
  EXPECT_EQ(verdict({}, true), Verdict::kOk);
  EXPECT_EQ(verdict({{"", "421 4.3.2 busy"}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"", "554 no service for you"}}), Verdict::kPermanentConfig);
  EXPECT_EQ(verdict({{"login", "535 5.7.8 wrong"}}, true), Verdict::kPermanentConfig);
  EXPECT_EQ(verdict({{"AUTH", "454 4.7.0 later"}}, true), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"MAIL", "550 5.7.1 not from you"}}), Verdict::kPermanentConfig);
  EXPECT_EQ(verdict({{"MAIL", "530 5.7.0 log in first"}}), Verdict::kPermanentConfig);
  EXPECT_EQ(verdict({{"RCPT", "450 4.2.0 greylisted"}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"RCPT", "550 5.1.1 no such user erika@example.com"}}),
            Verdict::kPermanentData);
  EXPECT_EQ(verdict({{"DATA", "451 later"}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{".", "452 4.3.1 disk full"}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{".", "554 5.6.0 no"}}), Verdict::kPermanentData);
}

TEST(MailClient, ReportsAnUnknownOutcomeAsUnknown) {
  EXPECT_EQ(verdict({{"", ScriptedSmtp::kDie}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"RCPT", ScriptedSmtp::kDie}}), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"DATA", ScriptedSmtp::kDie}}), Verdict::kRetryBackoff);
  // The whole mail was sent, so the server may have accepted it.
  EXPECT_EQ(verdict({{".", ScriptedSmtp::kDie}}), Verdict::kUnknown);
  EXPECT_EQ(verdict({{".", ScriptedSmtp::kHang}}, false, milliseconds(300)), Verdict::kUnknown);
  EXPECT_EQ(verdict({{"", ScriptedSmtp::kHang}}, false, milliseconds(300)), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict({{"MAIL", ScriptedSmtp::kHang}}, false, milliseconds(300)),
            Verdict::kRetryBackoff);
}

TEST(MailClient, RetriesAServerThatRefusesConnections) {
  std::uint16_t port = 0;
  {
    ScriptedSmtp gone;
    port = gone.port();
  }
  const auto outcome = mail_outcome(deliver(options(port)));
  EXPECT_EQ(outcome.verdict, Verdict::kRetryBackoff) << outcome.reason;
}

TEST(MailClient, SendsNothingWithoutTheRequiredTls) {
  ScriptedSmtp server;
  auto o = options(server.port());
  o.tls = MailTls::kStartTls;
  o.user = "baton";
  o.password = "top-secret";
  const auto result = deliver(o);
  EXPECT_EQ(mail_outcome(result).verdict, Verdict::kPermanentConfig) << mail_outcome(result).reason;
  EXPECT_EQ(server.heard().find("AUTH"), std::string::npos);
  EXPECT_EQ(server.heard().find("MAIL"), std::string::npos);
}

TEST(MailClient, ConnectsToNoPrivateAddressUnlessAllowed) {
  ScriptedSmtp server;
  auto o = options(server.port());
  o.allow_private.clear();
  const auto outcome = mail_outcome(deliver(o));
  EXPECT_EQ(outcome.verdict, Verdict::kPermanentConfig);
  EXPECT_NE(outcome.reason.find("allow_private"), std::string::npos) << outcome.reason;
  EXPECT_EQ(server.heard(), "");
}

TEST(MailClient, EndsMailsInFlightWhenItIsDestroyed) {
  ScriptedSmtp server(std::map<std::string, std::string>{{"MAIL", ScriptedSmtp::kHang}});
  auto client = make_mail_client(options(server.port()));
  std::atomic<int> done = 0;
  for (int i = 0; i < 6; ++i)
    client->send({"baton@example.com", "erika@example.com", "Subject: x\r\n\r\nx\r\n", seconds(20)},
                 [&](const MailResult& r) {
                   EXPECT_FALSE(r.accepted);
                   ++done;
                 });
  client.reset();
  EXPECT_EQ(done, 6);
}

}  // namespace
}  // namespace baton
