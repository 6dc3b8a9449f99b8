@NullMarked
package dev.sojourn.spring;

import org.jspecify.annotations.NullMarked;
