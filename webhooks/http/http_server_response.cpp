#include "webhooks/http/http_server_response.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <ctime>
#include <iterator>

#include "mapping/json/json.h"

namespace baton {
namespace {

bool fits_in_a_line(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void line(std::string& to, std::string_view name, std::string_view value) {
  if (!fits_in_a_line(name) || !fits_in_a_line(value)) return;
  to.append(name).append(": ").append(value).append("\r\n");
}

bool equal_names(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string_view HttpIn::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_names(key, name)) return value;
  }
  return {};
}

int HttpIn::count(std::string_view name) const {
  return static_cast<int>(std::count_if(headers.begin(), headers.end(),
                                        [&](const auto& h) { return equal_names(h.first, name); }));
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

HttpOut problem(int status, std::string_view code, std::string_view detail) {
  json::object body;
  body["type"] = "urn:baton:problem:" + std::string(code);
  body["title"] = reason_phrase(status);
  body["status"] = status;
  body["code"] = code;
  if (!detail.empty()) body["detail"] = detail;
  HttpOut out;
  out.status = status;
  out.content_type = "application/problem+json";
  out.body = json::serialize(body);
  return out;
}

void render_response(const HttpOut& out, bool keep_alive, bool head_only, std::string_view date,
                     std::string& to) {
  const bool bodiless = out.status == 204 || out.status == 304;
  fmt::format_to(std::back_inserter(to), "HTTP/1.1 {} {}\r\nDate: {}\r\n", out.status,
                 reason_phrase(out.status), date);
  if (!bodiless && !out.content_type.empty()) line(to, "Content-Type", out.content_type);
  if (!bodiless) fmt::format_to(std::back_inserter(to), "Content-Length: {}\r\n", out.body.size());
  for (const auto& [name, value] : out.headers) line(to, name, value);
  to.append("X-Content-Type-Options: nosniff\r\n");
  to.append(keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
  if (!head_only && !bodiless) to.append(out.body);
}

std::string http_date(Instant at) {
  const auto seconds = static_cast<std::time_t>(at.ms / 1000);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[tm.tm_wday], tm.tm_mday,
                     kMonths[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

}  // namespace baton
