// Requests for the rights matrix, made from the contract alone: every path parameter and every id in a body is asked of
// whoever drives the matrix, everything else is the least that the contract accepts, and a word says what it does not.
#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace luy::hub::rights {

// What a route's handler asks the policy about.
enum class Aim {
  open,      // Nothing: it works without a session.
  anywhere,  // Whether the right is held at all: lists, which are filtered.
  oneself,   // What is the asker's own.
  place,     // The agency of the object in the request.
  town,      // The top of the tree.
};

// What the contract does not tell of an operation.
struct Word {
  const char* operation;
  Aim aim = Aim::anywhere;
  // Members that replace or extend the least body: JSON, in which "{kind}" is an object's id, "{today}", "{later}" a
  // day and "{now}", "{before}", "{after}" a time.
  const char* body = "";
  const char* query = "";  // "from={before}&to={now}".
  const char* asks = "";   // The action the handler asks for where that is not the contract's.
  bool spends = false;     // It ends the device it is done to, which others still need.
  // Where one request acts on two things: the body that names a second in the ward beside, "{other kind}". The right
  // must be held on both.
  const char* crossed = "";
};
// Exactly one for each operation of the contract.
const std::vector<Word>& words();

// One operation of the contract.
struct Asked {
  std::string id;
  std::string method;
  std::string path;
  std::string action;
  bool open = false;
  bool narrows = false;  // By "agency" in the query.
  YAML::Node schema;     // Of the body; undefined without one.
};

struct Draft {
  std::string target;
  std::string body;
  std::vector<std::string> kinds;  // Of the path's parameters, in order.
};

class Drafts {
 public:
  // The id of an object of that kind; kinds are the names of the contract's path parameters.
  using Ids = std::function<std::string(const std::string& kind)>;

  explicit Drafts(const std::filesystem::path& contract);
  const std::vector<Asked>& operations() const { return operations_; }
  Draft draft(const Asked& operation, const Word& word, const Ids& ids, Time now) const;

 private:
  YAML::Node named_parameter(const YAML::Node& from) const;
  YAML::Node resolved(YAML::Node schema, std::string* name) const;
  boost::json::value least(const YAML::Node& schema, const std::string& name, const Ids& ids, Time now) const;

  YAML::Node document_;
  std::vector<Asked> operations_;
};

}  // namespace luy::hub::rights
