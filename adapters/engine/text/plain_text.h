#pragma once

#include <string>
#include <string_view>

namespace baton {

// Makes foreign text harmless to display: a client must not turn it into a link, a mention or
// formatting. The visible text stays the same.

// Replaces control characters with spaces, including Unicode's line breaks and direction marks,
// which can reverse a line. Keeps line feeds if `lines`. Invalid UTF-8 becomes U+FFFD.
std::string plain_text(std::string_view text, bool lines);
// Inserts a zero-width space wherever clients recognise a URL or host name. E-mail addresses stay
// unchanged: people copy them, and a link to one is harmless.
std::string without_links(std::string_view text);
// Returns the URL if it is safe to publish: http, https or tel, without whitespace, quotes,
// brackets or control characters. Otherwise returns "".
std::string safe_url(std::string_view url);
// Truncates to at most `bytes` bytes, between two characters, and marks the cut with an ellipsis.
std::string shortened(std::string_view text, std::size_t bytes);

}  // namespace baton
