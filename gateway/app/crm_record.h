#pragma once

#include "adapters/crm.h"
#include "gateway/app/documents.h"
#include "gateway/core/policy.h"

namespace baton {

// What a CRM is shown of a person: the vocabulary that adapters/crm.h names, from the newest version
// of the document. Stages carry all their time stamps.
CrmRecord crm_record(const OpenPerson& person, const Policy& policy, const std::string& destination,
                     const std::string& public_url);

}  // namespace baton
