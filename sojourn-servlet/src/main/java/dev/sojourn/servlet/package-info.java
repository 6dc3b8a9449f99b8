/**
 * Sessions for Jakarta Servlet containers: mount {@link dev.sojourn.servlet.SojournFilter}, ask
 * {@link dev.sojourn.servlet.SojournPlugin}, or go on with {@code request.getSession()}.
 */
@NullMarked
package dev.sojourn.servlet;

import org.jspecify.annotations.NullMarked;
