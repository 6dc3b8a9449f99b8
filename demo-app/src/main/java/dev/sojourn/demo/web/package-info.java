/** The little of a web framework that the demo needs: requests, answers, routes, and what is refused. */
@NullMarked
package dev.sojourn.demo.web;

import org.jspecify.annotations.NullMarked;
