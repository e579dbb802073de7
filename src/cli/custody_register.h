// What the commands of `luy custody` share: the hub's register as its administration port tells it.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

#include "base/result.h"
#include "custody/medium.h"
#include "evidence/cosignature.h"

namespace luy::cli {

// A medium of the register.
struct Known {
  std::string id;
  std::string name;
  custody::MediumKind kind = custody::MediumKind::disk;
  custody::Identity identity;
  bool retired = false;
};

std::vector<Known> media_of(const boost::json::object& answer);
// The one entry in use that is what is present at `where`. Errors: medium_unknown, medium_retired.
Result<Known> recognise(const std::vector<Known>& media, const custody::Identity& present, const std::string& where);

std::string identity_text(const custody::Identity& identity);
boost::json::array names_json(const std::vector<std::string>& names);

// `given`, else who is at the keyboard, behind sudo too.
std::string own_name(const std::string& given);

// The keys the hub knows, where it was asked, and those of files. Errors: those of the files.
Result<std::vector<evidence::WitnessKey>> witnesses_of(const std::vector<std::string>& files,
                                                       const boost::json::object* answer);

}  // namespace luy::cli
