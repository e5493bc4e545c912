// Request ids: UUIDs that name a write, so that a repeat of it returns the first reply.
#pragma once

#include <string>

namespace dms {

// A new id, never seen before (version 7: time first). A caller that must survive its own crash stores it with its
// document before the first try.
std::string new_request_id();

}  // namespace dms
