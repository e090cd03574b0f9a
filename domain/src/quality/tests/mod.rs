mod controls;
mod grades;
mod pieces;
mod plant;
mod reports;
mod rules;
