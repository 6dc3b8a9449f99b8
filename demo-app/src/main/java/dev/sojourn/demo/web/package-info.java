/** A minimal web framework for the demo: requests, responses, routes and error pages. */
@NullMarked
package dev.sojourn.demo.web;

import org.jspecify.annotations.NullMarked;
