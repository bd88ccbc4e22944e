#pragma once

namespace baton {

// Large pieces of memory go back to the system as soon as they are free. Otherwise the allocator
// raises what it holds to be large with every large piece it sees, keeps the rest, and one siege by
// bodies of a megabyte stays in the gateway's size for good.
void give_memory_back();

}  // namespace baton
