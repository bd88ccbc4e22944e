#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace baton {

// A private redis-server for one test, on a unix socket in a temporary folder, durable as Baton
// requires (appendonly, appendfsync always). It ends with the test, even if the test is killed.
class RedisServer {
 public:
  // `settings` are additional command line arguments, such as {"--maxmemory", "64mb"}.
  explicit RedisServer(std::vector<std::string> settings = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const std::string& url() const { return url_; }
  const std::string& socket() const { return socket_; }
  pid_t pid() const { return pid_; }

  void start();  // waits until it answers PING
  void kill9();  // SIGKILL, and waits for the end
  void restart() {
    kill9();
    start();
  }
  void pause();  // SIGSTOP: alive, but silent
  void resume();

  // Runs one command of space-separated words over a new connection. The reply is similar to
  // redis-cli's ("(nil)", elements joined by spaces, errors as their text).
  std::string run(const std::string& words) const;
  std::string run(const std::vector<std::string>& words) const;

 private:
  bool answers() const;

  std::vector<std::string> settings_;
  std::filesystem::path folder_;
  std::string socket_, url_;
  pid_t pid_ = -1;
};

}  // namespace baton
