// The seals of agencies that the hub may use: one JSON file each in a folder that the administrator keeps, with the
// picture of the seal beside it. docs/format/seals.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "signature/appearance.h"

namespace luy::seal {

inline constexpr std::size_t seal_file_bytes_max = 16 << 10;
inline constexpr std::size_t seal_picture_bytes_max = 4 << 20;
inline constexpr std::size_t pin_file_bytes_max = 1024;
inline constexpr std::size_t seals_max = 200;  // A province has fewer agencies with a seal of their own.

inline constexpr ErrorKind bad_file{"seal.bad_file", ErrorClass::invalid,
                                    "Tệp khai báo con dấu số không dùng được: {}. Hãy sửa tệp này.",
                                    "The file that declares a seal cannot be used: {}. Correct it."};
inline constexpr ErrorKind pin_exposed{
    "seal.pin_exposed", ErrorClass::denied,
    "Người khác đọc được tệp chứa mã PIN của con dấu: {}. Hãy đặt quyền 0600 cho tệp.",
    "Others can read the file with the seal's PIN: {}. Give it mode 0600."};

struct Seal {
  std::string id;      // The file's name without ".json".
  std::string agency;  // Its code, as in the hub.
  std::string name;    // As its certificate says (common name): no other key seals for the agency.
  std::filesystem::path module;
  std::string token;
  std::string key;
  std::filesystem::path pin_file;
  std::filesystem::path issuers;  // PEM, those that do not lie on the token; empty: none.
  std::filesystem::path picture;  // PNG: the seal in red on a transparent ground.
  // PNG: the signature beside which the seal stands, for its width; empty: as wide as signatures may be.
  std::filesystem::path signature;
  double width_mm = signature::seal_width_default_mm;  // The seal's actual one.
  std::string time_stamp;                              // http or https URL of an RFC 3161 service; empty: none.
};

// In the order of their ids. No folder: no seals. Relative paths are below `folder`. Errors: bad_file with the file's
// name and what is wrong (also for two seals of one agency), those of reading.
Result<std::vector<Seal>> read_seals(const std::filesystem::path& folder);

// The first line of the PIN file. Errors: pin_exposed, those of reading.
Result<std::string> read_pin(const Seal& seal);

}  // namespace luy::seal
