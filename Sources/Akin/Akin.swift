// Akin
