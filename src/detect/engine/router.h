// From an event's routing fields to the groups of rules it is for. Answers are remembered by the fields' values; a new
// combination costs some microseconds. One thread's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/engine/held_event.h"
#include "detect/engine/program.h"
#include "detect/pipeline.h"

namespace luy::detect {

// What a set of groups needs.
struct Partition {
  std::vector<std::uint64_t> groups;    // One bit each.
  std::vector<std::uint8_t> scanned;    // By slot: whether its index must run.
  std::vector<std::uint32_t> open;      // Instances always evaluated.
  std::vector<std::uint32_t> keywords;  // Databases for the line, each once.
  bool empty = true;
  bool labelled = false;
  std::vector<LogSource> labels;  // Each once.
  bool is_active(std::uint32_t group) const { return (groups[group >> 6] >> (group & 63) & 1) != 0; }
};

// The fields routes and `declared` ask, each once.
std::vector<std::string> routing_fields(const Routing& routing);

class Router {
 public:
  // Slots by name come from `slots`; all borrowed.
  Router(const Program& program, const Routing& routing, const SlotTable& slots, bool unlabelled_meets_all);

  const std::vector<std::uint32_t>& routing_slots() const { return routing_slots_; }
  // Valid until the next call.
  const Partition& route(const HeldEvent& event);

 private:
  static constexpr std::size_t remembered_max = 4096;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void write_key(const HeldEvent& event);
  std::unique_ptr<Partition> make(const HeldEvent& event) const;
  bool takes(const Route& route, const HeldEvent& event) const;
  std::string stated(const std::string& field, const HeldEvent& event) const;
  std::size_t index_of(const std::string& field) const;
  void activate(const LogSource& label, std::uint32_t field_map, Partition& out) const;
  void activate_group(std::uint32_t group, Partition& out) const;

  const Program& program_;
  const Routing& routing_;
  bool unlabelled_meets_all_;
  std::vector<std::string> fields_;
  std::vector<std::uint32_t> routing_slots_;
  std::vector<std::uint32_t> route_maps_;  // Of each route, its field map's number in the program.
  std::unordered_map<std::string, std::unique_ptr<Partition>, Hash, std::equal_to<>> known_;
  std::string key_;
  std::string last_key_;
  const Partition* last_ = nullptr;
};

}  // namespace luy::detect
