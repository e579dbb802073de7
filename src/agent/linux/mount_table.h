// /proc/self/mountinfo (proc(5)). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luy::agent {

struct Mount {
  std::string device_number;  // "254:0"
  std::string root;           // The part of the file system that is mounted: "/" but for binds and subvolumes.
  std::string point;
  std::string file_system;
  std::string source;  // "/dev/sda1"
};

// In mount order. Lines that are not of the expected form are passed over; \040 and the like are undone.
std::vector<Mount> parse_mounts(std::string_view mountinfo);

}  // namespace luy::agent
