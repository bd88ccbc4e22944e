#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "mapping/result.h"

namespace baton {

// How to reach a running gateway.
struct RemoteOptions {
  std::string config;          // config folder
  std::string address, token;  // override the config folder and the environment
  bool as_json = false;
};

// Calls the admin API of a running gateway. The address and the token come from the options, else
// from the config folder, else from the environment (BATON_ADMIN, BATON_ADMIN_TOKEN).
class Remote {
 public:
  static Result<Remote> open(const RemoteOptions& options);
  Result<boost::json::value> call(const std::string& method, const std::string& path,
                                  const std::string& body = {}) const;
  // Returns the body as text, for answers that are not JSON.
  Result<std::string> text(const std::string& method, const std::string& path,
                           const std::string& body = {}) const;

 private:
  std::string address_, token_;
};

// Percent-encodes everything but letters, digits and -._~ for use in a query.
std::string in_query(std::string_view text);

}  // namespace baton
