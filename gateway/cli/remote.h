#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "gateway/cli/commands.h"
#include "mapping/result.h"

namespace baton {

// One call of a running gateway's admin API. Address and token: options, else the config folder,
// else the environment (BATON_ADMIN, BATON_ADMIN_TOKEN).
class Remote {
 public:
  static Result<Remote> open(const RemoteOptions& options);
  Result<boost::json::value> call(const std::string& method, const std::string& path,
                                  const std::string& body = {}) const;
  // An answer that is no JSON, as text.
  Result<std::string> text(const std::string& method, const std::string& path,
                           const std::string& body = {}) const;

 private:
  std::string address_, token_;
};

// A text as it stands in a query: all but letters, digits and -._~ is escaped.
std::string in_query(std::string_view text);

}  // namespace baton
