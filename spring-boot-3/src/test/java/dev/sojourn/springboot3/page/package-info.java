/** The program of docs/guide/spring-boot-3.5.md. */
@NullMarked
package dev.sojourn.springboot3.page;

import org.jspecify.annotations.NullMarked;
