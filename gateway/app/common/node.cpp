#include "gateway/app/common/node.h"

#include <algorithm>

#include "gateway/platform/files.h"
#include "gateway/platform/random.h"

namespace baton {
namespace {

constexpr std::size_t kNameBytes = 8;

bool usable(const std::string& name) {
  return name.size() == 2 * kNameBytes &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Result<std::string> node_name(const std::string& data) {
  const std::string file = data + "/node";
  auto kept = read_file(file);
  if (!kept && kept.error().code != Errc::kNotFound) return kept.error();
  if (kept) {
    kept->erase(std::find(kept->begin(), kept->end(), '\n'), kept->end());
    if (usable(*kept)) return kept;
  }
  std::string name = random_hex(kNameBytes);
  if (auto folder = make_private_folder(data); !folder) return folder.error();
  if (auto written = write_file_durably(file, name + "\n", 0600); !written) return written.error();
  return name;
}

}  // namespace baton
