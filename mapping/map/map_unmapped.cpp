#include "mapping/map/map_unmapped.h"

#include <algorithm>
#include <set>

#include "mapping/map/map_value.h"

namespace baton {
namespace {

constexpr std::size_t kMaxPaths = 50;
constexpr std::size_t kMaxPathBytes = 200;

class Walk {
 public:
  explicit Walk(std::vector<const json::value*> read) : read_(std::move(read)) {
    std::sort(read_.begin(), read_.end());
  }

  void visit(const json::value& value) {
    if (std::binary_search(read_.begin(), read_.end(), &value)) return;
    const std::size_t size = path_.size();
    if (const auto* object = value.if_object()) {
      for (const auto& member : *object) {
        if (size != 0) path_ += '.';
        path_ += member.key();
        visit(member.value());
        path_.resize(size);
      }
    } else if (const auto* array = value.if_array()) {
      path_ += "[]";
      for (const auto& item : *array) visit(item);
      path_.resize(size);
    } else if (!is_blank(value)) {
      paths_.emplace(cut(path_, kMaxPathBytes));
      // Keeps the first paths in alphabetical order, regardless of the document's order.
      if (paths_.size() > kMaxPaths) paths_.erase(std::prev(paths_.end()));
    }
  }

  std::vector<std::string> paths() const { return {paths_.begin(), paths_.end()}; }

 private:
  std::vector<const json::value*> read_;
  std::string path_;
  std::set<std::string> paths_;
};

}  // namespace

std::vector<std::string> unread_paths(const json::value& root,
                                      std::vector<const json::value*> read) {
  Walk walk(std::move(read));
  walk.visit(root);
  return walk.paths();
}

}  // namespace baton
