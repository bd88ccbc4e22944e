#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "adapters/engine/http/http_client.h"

namespace baton {
namespace {

struct Identity {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

// Signs a certificate for the given name with its own key.
void issue(Identity& identity, const std::string& host) {
  X509* c = identity.certificate;
  X509_set_version(c, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
  X509_gmtime_adj(X509_getm_notBefore(c), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c), 3600);
  X509_set_pubkey(c, identity.key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(c, X509_get_subject_name(c));
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + host).c_str());
  X509_add_ext(c, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(c, identity.key, EVP_sha256());
}

// Answers one request for each connection, one connection at a time, and records the name in SNI.
class TlsServer {
 public:
  explicit TlsServer(const std::string& host) : context_(SSL_CTX_new(TLS_server_method())) {
    issue(identity_, host);
    SSL_CTX_use_certificate(context_, identity_.certificate);
    SSL_CTX_use_PrivateKey(context_, identity_.key);
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 16);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    ca_file = std::filesystem::temp_directory_path() /
              fmt::format("baton-tls-test-{}-{}.pem", ::getpid(), port);
    FILE* file = std::fopen(ca_file.c_str(), "w");
    PEM_write_X509(file, identity_.certificate);
    std::fclose(file);
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
    SSL_CTX_free(context_);
    std::filesystem::remove(ca_file);
  }

  int port = 0;
  std::filesystem::path ca_file;
  std::string sni;
  std::atomic<int> served{0};

 private:
  // Reads to the end of the body "{}": closing with unread bytes would reset the connection.
  static bool read_request(SSL* tls) {
    std::string request;
    char buffer[4096];
    while (!request.ends_with("\r\n\r\n{}")) {
      const int got = SSL_read(tls, buffer, sizeof buffer);
      if (got <= 0) return false;
      request.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }

  void run() {
    while (!stop_) {
      pollfd entry{listener_, POLLIN, 0};
      if (::poll(&entry, 1, 20) <= 0) continue;
      const int socket = ::accept(listener_, nullptr, nullptr);
      SSL* tls = SSL_new(context_);
      SSL_set_fd(tls, socket);
      if (SSL_accept(tls) == 1 && read_request(tls)) {
        const char* name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
        sni = name == nullptr ? "" : name;
        const std::string answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
        ++served;
        SSL_shutdown(tls);
      }
      SSL_free(tls);
      ::close(socket);
    }
  }

  Identity identity_;
  SSL_CTX* context_;
  int listener_ = -1;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

HttpResult call(const std::string& url, const HttpOptions& options) {
  const auto client = make_http_client(options);
  auto promise = std::make_shared<std::promise<HttpResult>>();
  auto future = promise->get_future();
  HttpRequest request;
  request.url = url;
  request.body = "{}";
  request.deadline = seconds(10);
  client->send(std::move(request),
               [promise](HttpResult result) { promise->set_value(std::move(result)); });
  return future.get();
}

HttpOptions options_for(const TlsServer& server, const std::string& allowed) {
  HttpOptions options;
  options.ca_file = server.ca_file;
  options.allow_private = {allowed};
  return options;
}

TEST(HttpClientTls, ConnectsToTheCheckedAddressAndVerifiesTheNamesCertificate) {
  TlsServer server("localhost");
  const auto result =
      call(fmt::format("https://localhost:{}/", server.port), options_for(server, "localhost"));
  ASSERT_EQ(result.transport, Transport::kAnswered) << result.detail;
  EXPECT_EQ(result.response.body, "{}");
  EXPECT_EQ(server.sni, "localhost");
}

TEST(HttpClientTls, RefusesACertificateForAnotherName) {
  TlsServer server("crm.example.com");
  const auto result =
      call(fmt::format("https://localhost:{}/", server.port), options_for(server, "localhost"));
  EXPECT_EQ(result.transport, Transport::kRefused) << result.detail;
  EXPECT_EQ(server.served, 0);
}

TEST(HttpClientTls, RefusesAnUnknownAuthority) {
  TlsServer server("localhost");
  auto options = options_for(server, "localhost");
  options.ca_file.clear();
  const auto result = call(fmt::format("https://localhost:{}/", server.port), options);
  EXPECT_EQ(result.transport, Transport::kRefused) << result.detail;
  EXPECT_EQ(server.served, 0);
}

TEST(HttpClientTls, ReportsFaultsOfItsFiles) {
  TlsServer server("localhost");
  auto options = options_for(server, "localhost");
  options.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(call(fmt::format("https://localhost:{}/", server.port), options).transport,
            Transport::kRefused);
}

}  // namespace
}  // namespace baton
