// Takes from the signer's process all it does not need: system calls but for memory, time, the files of its folder and
// the socket it has (seccomp); every file outside its folder (Landlock, where the kernel knows it); core files, memory
// and descriptors beyond a few.
#pragma once

#include <filesystem>

namespace luy::signer {

// One thread only. False when the kernel refuses what every kernel since 3.17 has: nothing may be signed then.
bool enter_sandbox(const std::filesystem::path& folder);

}  // namespace luy::signer
