#include "base/source_dir.h"

namespace luy {

std::string source_dir() {
  return LUY_SOURCE_DIR;
}

}  // namespace luy
