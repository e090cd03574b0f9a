mod pieces;
mod rules;
