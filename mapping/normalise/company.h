#pragma once

#include <string>
#include <string_view>

namespace baton {

struct Company {
  std::string name;        // as sent, whitespace tidied
  std::string match_key;   // folded, without the legal form: "mueller soehne"
  std::string legal_form;  // in its usual spelling: "GmbH & Co. KG"
};

// Normalises a company name. Empty input yields an empty company. A name that consists of a legal
// form only keeps it as its match key. Idempotent on `name`. Thread-safe.
Company normalise_company(std::string_view raw);

}  // namespace baton
