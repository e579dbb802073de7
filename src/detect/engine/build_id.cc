#include "detect/engine/build_id.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace luy::detect {
namespace {

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

// The program's own segments come first.
int read_first(dl_phdr_info* info, std::size_t, void* out) {
  for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    std::string_view rest(at, segment.p_memsz);
    ElfW(Nhdr) note{};
    while (rest.size() >= sizeof note) {
      std::memcpy(&note, rest.data(), sizeof note);
      const std::size_t size = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
      if (size > rest.size()) break;
      if (note.n_type == NT_GNU_BUILD_ID && rest.substr(sizeof note, note.n_namesz) == std::string_view("GNU", 4)) {
        *static_cast<std::string*>(out) = rest.substr(sizeof note + padded(note.n_namesz), note.n_descsz);
        return 1;
      }
      rest.remove_prefix(size);
    }
  }
  return 1;
}

}  // namespace

std::string build_id() {
  std::string out;
  dl_iterate_phdr(read_first, &out);
  return out;
}

}  // namespace luy::detect
