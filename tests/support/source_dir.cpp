#include "tests/support/source_dir.h"

namespace baton {

const std::string& source_dir() {
  static const std::string root = BATON_SOURCE_DIR;
  return root;
}

}  // namespace baton
