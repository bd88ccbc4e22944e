#pragma once

#include <string>

#include "webhooks/http/http_server.h"

namespace baton {

// Appends the response to `to`. `date` is the value of the Date field. A response to HEAD consists
// of the head only.
void render_response(const HttpOut& out, bool keep_alive, bool head_only, std::string_view date,
                     std::string& to);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(Instant at);

// RFC 9457: {"type":"urn:baton:problem:CODE","title":..,"status":..,"code":..,"detail":..}
HttpOut problem(int status, std::string_view code, std::string_view detail);
std::string_view reason_phrase(int status);

}  // namespace baton
