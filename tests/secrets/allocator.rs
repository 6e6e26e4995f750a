//! An allocator that searches each block that is freed, or left behind by one that grows.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    slice,
};

use crate::inputs::{Needle, needles};

struct Searching;

#[global_allocator]
static ALLOCATOR: Searching = Searching;

// SAFETY: each call is passed on, and what a block holds is read before that.
unsafe impl GlobalAlloc for Searching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeros, so that a block holds nothing that was not written to it.
        // SAFETY: the layout is the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let needles = NEEDLES.get();
        if !needles.is_empty() {
            // SAFETY: the block has the length of its layout, and was zeroed.
            let block = unsafe { slice::from_raw_parts(block, layout.size()) };
            if let Some(needle) = needles.iter().find(|needle| needle.is_in(block)) {
                FOUND.set(Some((needle.name, block.len())));
            }
        }
        // SAFETY: the block and its layout are the caller's.
        unsafe { System.dealloc(block, layout) }
    }

    // What grows is allocated, copied and freed: the default of `realloc`.
}

thread_local! {
    /// What this thread searches for.
    static NEEDLES: Cell<&'static [Needle]> = const { Cell::new(&[]) };
    static FOUND: Cell<Option<Found>> = const { Cell::new(None) };
}

/// The name of what was found, and the length of the block that it was in.
pub(crate) type Found = (&'static str, usize);

/// Says what was last found in a block that was freed while something ran, its result included.
pub(crate) fn left_by<T>(run: impl FnOnce() -> T) -> Option<Found> {
    FOUND.set(None);
    NEEDLES.set(needles());
    drop(run());
    NEEDLES.set(&[]);
    FOUND.get()
}
