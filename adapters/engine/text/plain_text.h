#pragma once

#include <string>
#include <string_view>

namespace baton {

// What strangers wrote, made harmless for the eyes of a colleague: a client that shows it may make
// no link, no mention and no formatting of it. What a reader sees stays the same.

// Control characters (also Unicode's line breaks and direction marks, which can turn a line around)
// become blanks; line feeds stay where `lines`. Bytes that are no UTF-8 become U+FFFD.
std::string plain_text(std::string_view text, bool lines);
// A zero-width space in every place that clients recognise a URL or a host name by. Addresses of
// e-mail stay as they are: they can be copied, and a link to one is harmless.
std::string without_links(std::string_view text);
// The URL, where it is of ours to give out: http, https or tel, without blanks, quotes, brackets or
// control characters; "" otherwise.
std::string safe_url(std::string_view url);
// At most so many bytes, cut between two characters, with an ellipsis where something was cut.
std::string shortened(std::string_view text, std::size_t bytes);

}  // namespace baton
