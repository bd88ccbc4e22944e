#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace baton {

// A loopback HTTP/1.1 server that misbehaves on demand: the script of a request writes raw bytes.
class FakeHttpServer {
 public:
  struct Request {
    std::string method, target, head, body;  // head: request line and headers as received
    int connection = 0;                      // connections are counted from 1
  };
  // One connection, as a script sees it.
  class Connection {
   public:
    explicit Connection(int socket, const std::atomic<bool>& stop) : socket_(socket), stop_(stop) {}
    // Returns false if the peer has closed.
    bool write(const std::string& bytes);
    // Blocks until the peer closes the connection or the server stops.
    void wait_until_closed();
    bool stopping() const { return stop_; }

   private:
    int socket_;
    const std::atomic<bool>& stop_;
  };
  // Answers one request; returning false closes the connection.
  using Script = std::function<bool(const Request&, Connection&)>;

  explicit FakeHttpServer(Script script);
  ~FakeHttpServer();
  int port() const { return port_; }
  std::string url(const std::string& path = "/") const;
  std::vector<Request> requests() const;
  int closed() const { return closed_; }  // connections that the server closed

  // "HTTP/1.1 200 OK" with Content-Length.
  static std::string answer(int status, const std::string& body,
                            const std::string& type = "application/json",
                            const std::string& extra_headers = "");
  // A script that always gives this response and keeps the connection.
  static Script always(const std::string& bytes);

 private:
  void accept_loop();
  void serve(int socket, int number);
  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> closed_{0};
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace baton
