#pragma once

#include <string>
#include <string_view>

namespace baton {

struct Company {
  std::string name;        // as sent, blanks tidied
  std::string match_key;   // folded, without the legal form: "mueller soehne"
  std::string legal_form;  // in its usual spelling: "GmbH & Co. KG"
};

// Empty input gives an empty company. A name that is nothing but a legal form keeps it as its match
// key. Idempotent on `name`. Any thread.
Company normalise_company(std::string_view raw);

}  // namespace baton
