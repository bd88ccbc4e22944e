#pragma once

#include <functional>
#include <string>

#include "adapters/engine/crm/crm.h"
#include "gateway/core/model/person.h"

namespace baton {

// A person document as a CRM receives it (the vocabulary is in adapters/engine/crm/crm.h).
struct CrmViewContext {
  struct Rep {
    std::string name, email;
  };
  std::function<Rep(const RepId&)> rep;  // may be empty
  std::string explain_url;               // of this person's lead; "": none
};

boost::json::object crm_view(const PersonState& person, const CrmViewContext& context);

// `version` is the document's. `destination` selects the record's id in that CRM.
CrmRecord crm_record(const PersonState& person, std::uint64_t version, std::string_view destination,
                     const CrmViewContext& context);

}  // namespace baton
