// Takes from the calling process all it does not need to compute: system calls but for memory, time and the files it
// has open (seccomp), memory and processor time above the limits of worker.h.
#pragma once

namespace luy::signature {

// One thread only. False when the kernel refuses: nothing hostile may be read then.
bool enter_sandbox();

}  // namespace luy::signature
