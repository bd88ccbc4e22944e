#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace baton {

// A private redis-server of one test on a unix socket in a folder of its own, durable as Baton asks
// for (appendonly, appendfsync always). Ends with the test, also when that is killed.
class RedisServer {
 public:
  // `settings` are further command line words, such as {"--maxmemory", "64mb"}.
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
  void pause();  // SIGSTOP: alive, silent
  void resume();

  // One command of blank-separated words over a connection of its own: the reply as redis-cli would
  // print it, roughly ("(nil)", elements joined by blanks, errors as their text).
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
