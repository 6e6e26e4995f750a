//! Memory for one token: it is reused when all of it is free.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32::{memory_grow, memory_size},
    cell::Cell,
    ptr,
};

#[global_allocator]
static HEAP: Heap = Heap {
    start: Cell::new(0),
    next: Cell::new(0),
    used: Cell::new(0),
};

struct Heap {
    /// 0 before the first allocation.
    start: Cell<usize>,
    next: Cell<usize>,
    /// The number of allocations.
    used: Cell<usize>,
}

// SAFETY: there are no threads.
unsafe impl Sync for Heap {}

// SAFETY: `next` only grows while anything is in use, and stays within the memory; nothing else uses the
// pages after those that the module starts with.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.start.get() == 0 {
            self.start.set(memory_size(0) * PAGE);
        }
        if self.used.get() == 0 {
            self.next.set(self.start.get());
        }
        let start = self.next.get().next_multiple_of(layout.align());
        let Some(end) = start.checked_add(layout.size()) else {
            return ptr::null_mut();
        };
        let missing = end.saturating_sub(memory_size(0) * PAGE).div_ceil(PAGE);
        if missing > 0 && memory_grow(0, missing) == usize::MAX {
            return ptr::null_mut();
        }
        self.next.set(end);
        self.used.set(self.used.get() + 1);
        ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {
        self.used.set(self.used.get() - 1);
    }
}

const PAGE: usize = 65_536;
