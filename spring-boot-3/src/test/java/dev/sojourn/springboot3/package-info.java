/** Tests of Sojourn in an application of Spring Boot 3.5. */
@NullMarked
package dev.sojourn.springboot3;

import org.jspecify.annotations.NullMarked;
