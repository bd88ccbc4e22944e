#pragma once

#include <functional>
#include <string>

#include "adapters/engine/crm/crm.h"
#include "gateway/core/model/person.h"

namespace baton {

// A person document as what a CRM gets to see (the vocabulary in adapters/engine/crm/crm.h).
struct CrmViewContext {
  struct Rep {
    std::string name, email;
  };
  std::function<Rep(std::string_view rep_id)> rep;  // may be empty
  std::string explain_url;                          // of this person's lead; "": none
};

boost::json::object crm_view(const PersonState& person, const CrmViewContext& context);

// `version` is the document's; `destination` picks the id the record is known by over there.
CrmRecord crm_record(const PersonState& person, std::uint64_t version, std::string_view destination,
                     const CrmViewContext& context);

}  // namespace baton
