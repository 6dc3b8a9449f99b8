/** The pages: each class handles one page and its forms, and its records are the template's data. */
@NullMarked
package dev.sojourn.demo.pages;

import org.jspecify.annotations.NullMarked;
