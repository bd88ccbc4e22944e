#pragma once

#include <boost/json/object.hpp>

#include "gateway/core/model/effect.h"
#include "mapping/result.h"

namespace baton {

// Effects in the format of the outbox.
boost::json::object to_json(const OwnerRequest& request);
Result<OwnerRequest> owner_request_from_json(const boost::json::object& json);
boost::json::object to_json(const PoolUpdate& note);
Result<PoolUpdate> pool_note_from_json(const boost::json::object& json);
boost::json::object to_json(const Notice& notice);
Result<Notice> notice_from_json(const boost::json::object& json);
boost::json::object to_json(const TaskSyncRequested& task);
Result<TaskSyncRequested> task_from_json(const boost::json::object& json);

}  // namespace baton
