/** The pages: each class answers the forms of one page, each record is what its template shows. */
@NullMarked
package dev.sojourn.demo.pages;

import org.jspecify.annotations.NullMarked;
