@org.jspecify.annotations.NullMarked
package dev.sojourn.servers;
