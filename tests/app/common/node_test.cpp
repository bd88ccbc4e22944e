#include "gateway/app/common/node.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace baton {
namespace {

class NodeName : public testing::Test {
 protected:
  NodeName() { folder_ = ::mkdtemp(folder_.data()); }
  ~NodeName() override { std::filesystem::remove_all(folder_); }
  std::string folder_ = "/tmp/baton-node-XXXXXX";
};

TEST_F(NodeName, StaysTheSameOverRestarts) {
  const auto first = node_name(folder_ + "/data");
  ASSERT_TRUE(first);
  EXPECT_EQ(*node_name(folder_ + "/data"), *first);
}

TEST_F(NodeName, DiffersBetweenDataFolders) {
  EXPECT_NE(*node_name(folder_ + "/a"), *node_name(folder_ + "/b"));
}

TEST_F(NodeName, IsReplacedIfTheFileIsInvalid) {
  std::ofstream(folder_ + "/node") << "half";
  const auto name = node_name(folder_);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->size(), 16U);
}

}  // namespace
}  // namespace baton
