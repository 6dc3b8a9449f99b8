/**
 * Sessions for Jakarta Servlet containers: add {@link dev.sojourn.servlet.SojournFilter} to an application, and call
 * {@link dev.sojourn.servlet.Sojourn#session} or {@code request.getSession()} in its servlets.
 */
@NullMarked
package dev.sojourn.servlet;

import org.jspecify.annotations.NullMarked;
