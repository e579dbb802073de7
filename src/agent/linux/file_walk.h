// All ordinary files below some folders, in an order that is the same every time, so that who was stopped goes on after
// the last file. No link is followed; names may be anything; what changes under the walk is met or not, but ends
// nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "device_policy/antivirus.h"

namespace luy::agent {

// Deeper folders are left out and told: each takes an open descriptor.
inline constexpr std::size_t walk_depth_max = 200;

struct WalkedFile {
  int fd = -1;      // Open for reading; closed after the call.
  int folder = -1;  // Where its name stands.
  std::string name;
  std::string path;  // The whole of it, bytes as they are.
  std::int64_t bytes = 0;
};

struct WalkOrders {
  std::vector<std::string> paths;
  std::vector<std::string> excludes;
  bool other_file_systems = false;
  std::string after;  // The path of the last file of an earlier walk; empty: from the beginning.
};

class Walker {
 public:
  virtual ~Walker() = default;
  // False ends the walk.
  virtual bool file(const WalkedFile& file) = 0;
  // A file or folder that could not be opened, or lies too deep.
  virtual void unread(const std::string& path) = 0;
};

// True when it came to its end.
bool walk_files(const WalkOrders& orders, Walker& walker);

// Whether `a` comes before `b` in the walk.
bool walked_before(std::string_view a, std::string_view b);

}  // namespace luy::agent
