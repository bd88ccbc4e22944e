#include "adapters/engine/mail/mail_curl.h"

#include <curl/curl.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "adapters/engine/http/address_policy.h"
#include "adapters/engine/mail/mail.h"

namespace baton {
namespace {

constexpr std::size_t kThreads = 4;  // the number of calls a channel has in flight
constexpr long kConnectMs = 10'000;
constexpr std::chrono::milliseconds kGoodBye{500};
constexpr long kReplyS = 20;  // seconds the server may take for one command

// The SMTP session of one mail, as the callbacks see it.
struct Conversation {
  const MailRequest& request;
  const AddressPolicy& policy;
  const std::string& host;
  const std::atomic<bool>& stopping;
  std::chrono::steady_clock::time_point until;
  std::size_t sent = 0;
  bool quit = false;
  bool blocked = false;
  MailResult result;
};

std::optional<MailStep> step_of(std::string_view command) {
  const auto is = [&](std::string_view verb) {
    return command.size() >= verb.size() &&
           std::equal(verb.begin(), verb.end(), command.begin(),
                      [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); });
  };
  if (is("EHLO") || is("HELO")) return MailStep::kGreeting;
  if (is("STARTTLS")) return MailStep::kTls;
  if (is("AUTH ")) return MailStep::kLogin;
  if (is("MAIL ")) return MailStep::kSender;
  if (is("RCPT ")) return MailStep::kRecipient;
  if (is("DATA")) return MailStep::kData;
  return std::nullopt;
}

void begin_step(Conversation& c, MailStep step) {
  c.result.step = step;
  c.result.reply = 0;
  c.result.enhanced.clear();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads "550 5.1.1 ..." or "250-SIZE": the code, and the enhanced code if there is one.
void read_reply(Conversation& c, std::string_view line) {
  if (c.quit || line.size() < 4 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]))
    return;
  if (c.result.step == MailStep::kConnect) c.result.step = MailStep::kGreeting;
  c.result.reply = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  const auto rest = line.substr(4);
  const auto end = std::min(rest.find_first_of(" \r\n"), rest.size());
  const auto code = rest.substr(0, end);
  const bool enhanced =
      code.size() >= 5 && code.size() <= 9 && code[0] == line[0] && code[1] == '.' &&
      std::all_of(code.begin(), code.end(), [](char x) { return is_digit(x) || x == '.'; });
  if (enhanced) c.result.enhanced = code;
}

int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& c = *static_cast<Conversation*>(user);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_IN) read_reply(c, text);
  if (type != CURLINFO_HEADER_OUT) return 0;
  if (text.starts_with("QUIT")) c.quit = true;
  if (const auto step = step_of(text)) begin_step(c, *step);
  return 0;
}

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& c = *static_cast<Conversation*>(user);
  const auto n = std::min(size * count, c.request.data.size() - c.sent);
  std::memcpy(buffer, c.request.data.data() + c.sent, n);
  c.sent += n;
  // From here on, the end of the mail may have been sent.
  if (c.sent == c.request.data.size() && c.result.step != MailStep::kTaken)
    begin_step(c, MailStep::kTaken);
  return n;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& c = *static_cast<Conversation*>(user);
  // The library's deadline does not cover the QUIT to a server that does not answer.
  return c.stopping.load(std::memory_order_relaxed) || std::chrono::steady_clock::now() > c.until
             ? 1
             : 0;
}

// Checks the address of the connection rather than the name, whose meaning others may change.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& c = *static_cast<Conversation*>(user);
  const auto ip = ip_from_socket(&address->addr);
  if (!ip || !c.policy.allows(c.host, *ip)) {
    c.blocked = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

class CurlMailClient final : public MailClient {
 public:
  explicit CurlMailClient(const MailOptions& options) : options_(options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    if (auto policy = AddressPolicy::make(options.allow_private)) policy_ = std::move(*policy);
    for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
  }

  ~CurlMailClient() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
    for (auto& job : jobs_)
      job.done({false, MailStep::kConnect, 0, {}, false, "the gateway is shutting down"});
  }

  void send(MailRequest request, std::function<void(MailResult)> done) override {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back({std::move(request), std::move(done)});
    }
    changed_.notify_one();
  }

 private:
  struct Job {
    MailRequest request;
    std::function<void(MailResult)> done;
  };

  void work() {
    while (true) {
      Job job;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job.done(perform(job.request));
    }
  }

  MailResult perform(const MailRequest& request) {
    const auto until = std::chrono::steady_clock::now() +
                       std::chrono::milliseconds(request.deadline.ms) + kGoodBye;
    Conversation c{request, policy_, options_.host, stopping_, until};
    CURL* curl = curl_easy_init();
    if (curl == nullptr) return {false, MailStep::kConnect, 0, {}, false, "out of memory"};
    curl_slist* to = curl_slist_append(nullptr, ("<" + request.to + ">").c_str());
    set_server(curl, request);
    set_conversation(curl, c);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + request.from + ">").c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    const auto code = curl_easy_perform(curl);
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return judge(c, code);
  }

  void set_server(CURL* curl, const MailRequest& request) const {
    const auto host =
        options_.host.find(':') != std::string::npos ? "[" + options_.host + "]" : options_.host;
    const auto url = fmt::format(
        "{}://{}:{}", options_.tls == MailTls::kImplicit ? "smtps" : "smtp", host, options_.port);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // no proxy, not even from the environment
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        static_cast<long>(options_.tls == MailTls::kNone ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.user.empty()) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, options_.password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.deadline.ms));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(kConnectMs, static_cast<long>(request.deadline.ms)));
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, kReplyS);
    // A new connection for each mail: a connection that the server closed in the meantime would
    // look like a refused mail.
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  }

  static void set_conversation(CURL* curl, Conversation& c) {
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &on_debug);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &c);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, &c);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(c.request.data.size()));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &c);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &on_open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &c);
  }

  static MailResult judge(Conversation& c, CURLcode code) {
    auto& result = c.result;
    if (code == CURLE_OK && result.step == MailStep::kTaken && result.reply >= 200 &&
        result.reply < 300) {
      result.accepted = true;
      return result;
    }
    // A reply that let the session continue does not explain why it ended.
    if (result.reply < 400) result.reply = 0;
    if (c.blocked && result.step == MailStep::kConnect) {
      result.blocked = true;
      result.detail = "the address of the mail server is not allowed (smtp.allow_private)";
    } else if (code == CURLE_USE_SSL_FAILED && result.reply == 0) {
      result.step = MailStep::kTls;
      result.blocked = true;
      result.detail = "the server offers no STARTTLS; \"tls: none\" would send unencrypted";
    } else if (code == CURLE_LOGIN_DENIED && result.reply == 0) {
      result.step = MailStep::kLogin;
      result.blocked = true;
      result.detail = "the server offers no supported login method";
    } else {
      result.detail = curl_easy_strerror(code);
    }
    return result;
  }

  const MailOptions options_;
  AddressPolicy policy_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<MailClient> make_mail_client(const MailOptions& options) {
  return std::make_unique<CurlMailClient>(options);
}

}  // namespace baton
