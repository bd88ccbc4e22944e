#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "tests/support/raw_http.h"
#include "webhooks/http/http_server.h"

namespace baton {
namespace {

using test::post;
using test::RawClient;
namespace fs = std::filesystem;

class Hello final : public HttpHandler {
  HeadVerdict on_head(const HttpIn&) override { return {1000, std::nullopt}; }
  void handle(HttpIn& request, Responder respond) override {
    HttpOut out;
    out.body = request.tls ? "secure " + request.body : "plain";
    respond(std::move(out));
  }
};

// A self-signed certificate for localhost, valid for a day.
void write_certificate(const std::string& cert_file, const std::string& key_file) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* cert = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), -60);
  X509_gmtime_adj(X509_getm_notAfter(cert), 86'400);
  X509_set_pubkey(cert, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  X509_sign(cert, key, EVP_sha256());
  FILE* file = std::fopen(cert_file.c_str(), "w");
  PEM_write_X509(file, cert);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(cert);
  EVP_PKEY_free(key);
}

class HttpServerTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "baton-tls-XXXXXX").string();
    dir_ = mkdtemp(name.data());
    options_.tls_cert_file = (dir_ / "cert.pem").string();
    options_.tls_key_file = (dir_ / "key.pem").string();
    options_.header_timeout = milliseconds(300);
    write_certificate(options_.tls_cert_file, options_.tls_key_file);
  }
  void TearDown() override { fs::remove_all(dir_); }
  auto start() {
    return HttpServer::start(
        options_, [](boost::asio::io_context&, int) { return std::make_unique<Hello>(); });
  }

  fs::path dir_;
  HttpServerOptions options_;
};

TEST_F(HttpServerTlsTest, AnswersOverTlsAndKeepsTheConnection) {
  const auto server = start();
  ASSERT_TRUE(server.has_value()) << server.error().message;
  RawClient client((*server)->port(), true);
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 3; ++i) {
    client.send(post("/", "hello"));
    EXPECT_EQ(client.read().body, "secure hello");
  }
  client.send(post("/", std::string(5000, 'x')));
  EXPECT_EQ(client.read().status, 413);
}

TEST_F(HttpServerTlsTest, ClosesSilentAndPlaintextClients) {
  const auto server = start();
  ASSERT_TRUE(server.has_value());
  RawClient silent((*server)->port()), plain((*server)->port());
  plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(plain.wait_for_end());
  EXPECT_TRUE(silent.wait_for_end());
}

TEST_F(HttpServerTlsTest, LoadsANewCertificateWithoutARestart) {
  const auto server = start();
  ASSERT_TRUE(server.has_value());
  RawClient before((*server)->port(), true);
  write_certificate(options_.tls_cert_file, options_.tls_key_file);
  EXPECT_TRUE((*server)->reload_tls().has_value());
  RawClient after((*server)->port(), true);
  before.send(post("/", "a"));
  after.send(post("/", "b"));
  EXPECT_EQ(before.read().body, "secure a");
  EXPECT_EQ(after.read().body, "secure b");
  fs::remove(options_.tls_cert_file);
  EXPECT_FALSE((*server)->reload_tls().has_value());
  EXPECT_TRUE(RawClient((*server)->port(), true).connected());
}

TEST_F(HttpServerTlsTest, RefusesAMissingOrForeignKey) {
  fs::copy_file(options_.tls_key_file, dir_ / "old.pem");
  write_certificate(options_.tls_cert_file, options_.tls_key_file);
  options_.tls_key_file = (dir_ / "old.pem").string();
  auto server = start();
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code, Errc::kInvalidInput);
  options_.tls_key_file.clear();
  EXPECT_FALSE(start().has_value());
}

}  // namespace
}  // namespace baton
