#include "gateway/store/redis/redis_library.h"

#include <charconv>

#include <fmt/format.h>

#include "gateway/platform/log.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

constexpr std::string_view kLibrary = "baton_v1";
constexpr std::string_view kLayoutKey = "baton:layout";

// Returns the code of the library in a reply to FUNCTION LIST, "" if it is not loaded.
std::string_view loaded_code(RedisReply list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto entry = list[i];
    for (std::size_t k = 0; k + 1 < entry.size(); k += 2) {
      if (entry[k].text() == "library_code") return entry[k + 1].text();
    }
  }
  return {};
}

}  // namespace

const std::string& function_library() {
  static const std::string code = [] {
    std::string joined;
    for (const auto& file : embedded_store()) {
      if (file.path.ends_with(".lua")) joined.append(file.content);
    }
    return joined;
  }();
  return code;
}

int library_revision(std::string_view code) {
  constexpr std::string_view kMark = "\n-- revision: ";
  int revision = 0;
  if (const auto at = code.find(kMark); at != code.npos) {
    std::from_chars(code.data() + at + kMark.size(), code.data() + code.size(), revision);
  }
  return revision;
}

Status load_library(RedisConnection& connection) {
  auto list = connection.run(
      RedisCommand("FUNCTION").arg("LIST").arg("LIBRARYNAME").arg(kLibrary).arg("WITHCODE"));
  if (!list) return list.error();
  const auto have = loaded_code((*list)[0]);
  const auto& ours = function_library();
  if (have == ours || library_revision(have) > library_revision(ours)) return {};
  log_info("store", "loading the function library",
           {{"revision", library_revision(ours)}, {"replaced_revision", library_revision(have)}});
  auto loaded = connection.run(RedisCommand("FUNCTION").arg("LOAD").arg("REPLACE").arg(ours));
  return loaded ? Status() : Status(loaded.error());
}

Status check_layout(RedisConnection& connection, PartitionId partitions) {
  const RedisCommand commands[] = {
      RedisCommand("HSETNX").arg(kLayoutKey).arg("version").arg(kLayoutVersion),
      RedisCommand("HSETNX").arg(kLayoutKey).arg("partitions").arg(partitions),
      RedisCommand("HMGET").arg(kLayoutKey).arg("version").arg("partitions"),
  };
  auto replies = connection.pipeline(commands);
  if (!replies) return replies.error();
  const auto found = (*replies)[2];
  if (auto status = found.status(); !status) return status;
  if (found[0].is_nil() || found[1].is_nil())
    return replies->first_error();  // full: could not be written
  if (found[0].integer() > kLayoutVersion) {
    return error(Errc::kPermanent,
                 fmt::format("the data in Redis has layout {}, but this program only knows {}; run "
                             "the newer program again",
                             found[0].integer(), kLayoutVersion),
                 "redis");
  }
  if (found[1].integer() != partitions) {
    return error(Errc::kPermanent,
                 fmt::format("the data in Redis has {} partitions, but {} are configured; the "
                             "number is fixed when a "
                             "deployment is created: set redis.partitions: {}",
                             found[1].integer(), partitions, found[1].integer()),
                 "redis");
  }
  return {};
}

}  // namespace baton
